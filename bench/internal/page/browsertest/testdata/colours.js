// The colours of the page and of each chart, and text of charts that does not
// stand out: axe-core does not look into pictures.
function () {
	const wrong = [];
	const parse = colour => /^rgba?\(/.test(colour) ? colour.match(/[\d.]+/g).map(Number) : null;
	const solid = colour => { const c = parse(colour); return c && (c.length < 4 || c[3] > 0.5) ? c : null; };
	const luminance = rgb => {
		const [r, g, b] = rgb.slice(0, 3).map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const contrast = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((x, y) => y - x); return (x + 0.05) / (y + 0.05); };
	const behind = e => {
		for (let a = e; a; a = a.parentElement) {
			const c = solid(getComputedStyle(a).backgroundColor);
			if (c) return c;
		}
		return [255, 255, 255];
	};
	const marks = [];
	for (const svg of document.querySelectorAll('svg.il')) {
		const box = svg.getBoundingClientRect();
		let ground = behind(svg);
		const colours = new Set();
		for (const e of svg.querySelectorAll('path, circle, rect, line, polyline, polygon, text')) {
			const s = getComputedStyle(e), r = e.getBoundingClientRect();
			if (e.tagName !== 'text' && r.width >= 0.95 * box.width && r.height >= 0.95 * box.height && solid(s.fill)) {
				ground = solid(s.fill);
				continue;
			}
			for (const c of [s.fill, s.stroke]) if (c !== 'none') colours.add(c);
			if (e.tagName === 'text' && solid(s.fill) && contrast(solid(s.fill), ground) < 4.5)
				wrong.push(`text of a chart has a contrast of ${contrast(solid(s.fill), ground).toFixed(1)} (${s.fill} on rgb(${ground.join(', ')})): ${e.textContent}`);
		}
		marks.push([...colours].sort());
	}
	const body = document.body;
	return {Wrong: [...new Set(wrong)].slice(0, 10), Page: [behind(body).join(' '), getComputedStyle(body).color], Marks: marks};
}
