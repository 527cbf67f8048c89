// What is lost on paper, where nothing scrolls.
function () {
	const wrong = [];
	const width = document.documentElement.clientWidth;
	const name = e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + ' ' + JSON.stringify(e.textContent.trim().replace(/\s+/g, ' ').slice(0, 60));
	for (const e of document.querySelectorAll('main *')) {
		if (!e.checkVisibility() || e instanceof SVGElement && e.ownerSVGElement) continue;
		if (getComputedStyle(e).overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1) wrong.push('does not scroll on paper: ' + name(e));
		if (e.getBoundingClientRect().right > width + 1) wrong.push('is cut at the edge of the paper: ' + name(e));
	}
	return [...new Set(wrong)].slice(0, 20);
}
