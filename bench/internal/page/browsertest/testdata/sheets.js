// What a reader sees of the tables that can be sorted, or of one of them.
function (one) {
	const text = e => e.innerText.trim().replace(/\s+/g, ' ');
	const tables = [...document.querySelectorAll('table.data')];
	return tables.filter((_, i) => one === undefined || i === one).map(t => {
		const heads = [...t.tHead.rows[0].cells], rows = [...t.tBodies].flatMap(b => [...b.rows]);
		return {
			Heads: heads.map(text),
			Sorts: heads.map(h => h.getAttribute('aria-sort') ?? ''),
			Keys: heads.map(h => h.querySelector('button') !== null),
			// A hidden row has no inner text.
			Rows: rows.map(r => [...r.cells].map(c => c.textContent.trim().replace(/\s+/g, ' '))),
			Shown: rows.map(r => r.checkVisibility()),
		};
	});
}
