// What the box with the figures behind a cell says, and of which cell.
function () {
	const tip = document.querySelector('[role=tooltip]');
	const cell = tip && document.querySelector(`[aria-describedby~="${tip.id}"]`);
	const r = tip?.getBoundingClientRect();
	return {
		Shown: tip?.checkVisibility() === true && r.left >= 0 && r.right <= innerWidth + 1,
		Text: tip?.textContent ?? '',
		Cell: [...document.querySelectorAll('[data-tip]')].filter(e => e.checkVisibility()).indexOf(cell),
	};
}
