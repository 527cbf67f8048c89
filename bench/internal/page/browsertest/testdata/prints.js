// What is lost on paper: that nothing scrolls, and that browsers leave out
// backgrounds, so that text must be dark whatever the screen is.
function () {
	const wrong = [];
	const width = document.documentElement.clientWidth;
	const name = e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + ' ' + JSON.stringify(e.textContent.trim().replace(/\s+/g, ' ').slice(0, 60));
	const luminance = colour => {
		const [r, g, b] = colour.match(/[\d.]+/g).map(Number).map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	for (const e of document.querySelectorAll('main *')) {
		if (!e.checkVisibility()) continue;
		const s = getComputedStyle(e), svg = e instanceof SVGElement;
		if (!svg && s.overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1) wrong.push('does not scroll on paper: ' + name(e));
		if (!svg && e.getBoundingClientRect().right > width + 1) wrong.push('is cut at the edge of the paper: ' + name(e));
		if (svg && e.tagName !== 'text') continue;
		const own = [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.data.trim());
		const colour = svg ? s.fill : s.color;
		if (own && colour.startsWith('rgb') && 1.05 / (luminance(colour) + 0.05) < 3) wrong.push(`is too faint on white (${colour}): ${name(e)}`);
	}
	return [...new Set(wrong)].slice(0, 20);
}
