// What is wider than the screen, or cut at its edge. Only what scrolls by
// itself may be wider, and then it must be reached by keyboard.
function () {
	const wrong = [];
	const width = document.documentElement.clientWidth;
	const name = e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + (e.classList.length ? '.' + [...e.classList].join('.') : '');
	const scrolls = e => ['auto', 'scroll'].includes(getComputedStyle(e).overflowX);
	for (const e of [document.documentElement, document.body])
		if (e.scrollWidth > width) wrong.push(`${name(e)} is ${e.scrollWidth} px wide on ${width} px`);
	for (const e of document.body.querySelectorAll('*')) {
		if (e instanceof SVGElement && e.ownerSVGElement || !e.checkVisibility()) continue;
		const s = getComputedStyle(e);
		if (scrolls(e) && e.scrollWidth > e.clientWidth + 1 && e.tabIndex < 0 && !e.querySelector('a[href], button, input, [tabindex="0"]')) wrong.push(`${name(e)} scrolls, but not by keyboard`);
		const clips = s.overflowX === 'hidden' || s.overflowX === 'clip';
		const seen = e.clientWidth > 1 && e.clientHeight > 1; // else it is text for screen readers
		if (clips && seen && !(e instanceof SVGElement) && e.scrollWidth > e.clientWidth + 1) wrong.push(`${name(e)} cuts its content`);
		let within = e.parentElement;
		while (within && !scrolls(within)) within = within.parentElement;
		if (within && s.position === 'sticky' && e.matches('th, td') && e.offsetWidth > 0.6 * within.clientWidth) wrong.push(`${name(e)} does not move and leaves no room: ${e.textContent}`);
		const right = e.getBoundingClientRect().right;
		if (!within && right > width + 1) wrong.push(`${name(e)} ends at ${Math.round(right)} px of ${width}`);
	}
	for (const svg of document.querySelectorAll('main svg')) {
		const box = svg.getBoundingClientRect();
		for (const text of svg.querySelectorAll('text')) {
			const r = text.getBoundingClientRect();
			if (r.width && (r.left < box.left - 1 || r.right > box.right + 1 || r.top < box.top - 1 || r.bottom > box.bottom + 1))
				wrong.push(`text of a chart is cut: ${text.textContent} in ${svg.querySelector('title')?.textContent}`);
		}
	}
	return [...new Set(wrong)].slice(0, 20);
}
