// Where the focus is, and whether it shows.
function () {
	const e = document.activeElement;
	if (!e || e === document.body) return {What: ''};
	const r = e.getBoundingClientRect(), s = getComputedStyle(e);
	const target = e.getAttribute('href')?.startsWith('#') ? document.querySelector(e.getAttribute('href')) : null;
	return {
		What: e.outerHTML.slice(0, 120),
		Inside: e.checkVisibility() && r.width > 4 && r.height > 4 && r.right > 0 && r.bottom > 0 && r.left < innerWidth && r.top < innerHeight,
		Outlined: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== 'none',
		Skips: target?.closest('main') != null,
	};
}
