// What of the page cannot be seen: everything is there to be read.
function () {
	const wrong = [];
	const name = e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + ' ' + JSON.stringify(e.textContent.trim().replace(/\s+/g, ' ').slice(0, 60));
	const parts = document.querySelectorAll(['', ...'section h1 h2 h3 p li table caption tr td th pre figure dt dd svg'.split(' ')].map(tag => 'main ' + tag).join());
	const counts = {section: 0, table: 0, h1: 0, svg: 0};
	for (const e of parts) {
		const tag = e.tagName.toLowerCase();
		if (tag in counts) counts[tag]++;
		// What is folded up can be opened without scripts. Paper cannot.
		const folded = e.closest('details:not([open])');
		if (folded && !e.closest('summary') && !matchMedia('print').matches) continue;
		const box = e.getBoundingClientRect();
		const empty = !e.textContent.trim() && tag !== 'svg';
		if (!e.checkVisibility({opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true}) || !empty && (box.width < 1 || box.height < 1))
			wrong.push('not visible: ' + name(e));
		for (let a = e; a && a !== document.body && !empty; a = a.parentElement) {
			const s = getComputedStyle(a);
			if (a.getBoundingClientRect().width <= 2) break; // for screen readers only
			if (s.overflowY === 'hidden' && a.scrollHeight > a.clientHeight + 1 && !(a instanceof SVGElement)) {
				wrong.push('cut off: ' + name(a));
				break;
			}
		}
	}
	for (const [tag, n] of Object.entries(counts))
		if (n === 0) wrong.push(`the page has no ${tag}`);
	return [...new Set(wrong)].slice(0, 20);
}
