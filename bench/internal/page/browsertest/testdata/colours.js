// The colours of the page and of each chart, and text that does not stand out:
// axe-core does not look into pictures, nor at paper, where browsers leave out
// what is behind text, but not what is drawn.
function () {
	const wrong = [];
	const paper = matchMedia('print').matches;
	const name = e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + ' ' + JSON.stringify(e.textContent.trim().replace(/\s+/g, ' ').slice(0, 60));
	const solid = colour => {
		const c = /^rgba?\(/.test(colour) ? colour.match(/[\d.]+/g).map(Number) : null;
		return c && (c.length < 4 || c[3] > 0.5) ? c : null;
	};
	const luminance = rgb => {
		const [r, g, b] = rgb.slice(0, 3).map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const contrast = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((x, y) => y - x); return (x + 0.05) / (y + 0.05); };
	const behind = e => {
		for (let a = e; a && !paper; a = a.parentElement) {
			const c = solid(getComputedStyle(a).backgroundColor);
			if (c) return c;
		}
		return [255, 255, 255];
	};
	const compare = (e, colour, ground, least) => {
		const c = solid(colour);
		if (c && contrast(c, ground) < least) wrong.push(`contrast ${contrast(c, ground).toFixed(1)} (${colour} on rgb(${ground.join(', ')})): ${name(e)}`);
	};

	for (const e of document.querySelectorAll('main *')) {
		const own = [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.data.trim());
		if (own && !(e instanceof SVGElement) && e.checkVisibility()) compare(e, getComputedStyle(e).color, behind(e), 4.5);
	}
	const charts = [];
	for (const svg of document.querySelectorAll('main svg')) {
		if (!svg.checkVisibility()) continue;
		const drawn = [], colours = new Set();
		for (const e of svg.querySelectorAll('path, circle, rect, line, polyline, polygon, text')) {
			const s = getComputedStyle(e), r = e.getBoundingClientRect();
			for (const c of [s.fill, s.stroke]) if (c !== 'none') colours.add(c);
			if (e.tagName !== 'text') {
				const fill = s.fillOpacity > 0.5 && s.opacity > 0.5 && solid(s.fill);
				if (fill) drawn.push([r, fill]);
				continue;
			}
			// What was drawn last below the middle of the text is what it stands on.
			const x = r.x + r.width / 2, y = r.y + r.height / 2;
			const below = drawn.findLast(([b]) => b.left <= x && x <= b.right && b.top <= y && y <= b.bottom);
			compare(e, s.fill, below ? below[1] : behind(svg), 4.5);
		}
		// Charts of an earlier version have no schemes, and bring their paper.
		if (svg.classList.contains('il')) charts.push([...colours].sort());
	}
	return {Wrong: [...new Set(wrong)].slice(0, 10), Page: [behind(document.body).join(' '), getComputedStyle(document.body).color], Charts: charts};
}
