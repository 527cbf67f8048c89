// What a reader sees of the tables that can be sorted, or of one of them.
function (one) {
	// Folded parts of the page have no inner text.
	const text = e => e.textContent.trim().replace(/\s+/g, ' ');
	const tables = [...document.querySelectorAll('table.data')];
	return tables.filter((_, i) => one === undefined || i === one).map(t => {
		const heads = [...t.tHead.rows[0].cells], rows = [...t.tBodies].flatMap(b => [...b.rows]);
		return {
			Folded: t.closest('details:not([open])') !== null,
			Heads: heads.map(text),
			Sorts: heads.map(h => h.getAttribute('aria-sort') ?? ''),
			Keys: heads.map(h => h.querySelector('button') !== null),
			Rows: rows.map(r => [...r.cells].map(text)),
			Shown: rows.map(r => getComputedStyle(r).display !== 'none'),
		};
	});
}
