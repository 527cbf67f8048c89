// Uses whatever on the page can be used, and leaves it as it is.
function () {
	for (const e of document.querySelectorAll('button, a[href^="#"], summary, input, [tabindex], svg.il, svg.il *')) {
		for (const type of ['pointerenter', 'mouseover', 'mousemove', 'mouseout']) e.dispatchEvent(new MouseEvent(type, {bubbles: true}));
		if (e.focus) e.focus();
	}
	for (const e of document.querySelectorAll('button')) e.click();
	for (const e of document.querySelectorAll('details')) e.open = !e.open;
	return [];
}
