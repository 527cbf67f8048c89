// What refers to a part of the page that is not there, or is there twice.
function () {
	const wrong = [];
	const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
	for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) wrong.push(`two parts have the id ${id}`);
	for (const name of ['href', 'for', 'aria-labelledby', 'aria-describedby'])
		for (const e of document.querySelectorAll(`[${name}]`)) {
			const value = e.getAttribute(name);
			if (name === 'href' && !value.startsWith('#')) continue;
			for (const id of value.replace(/^#/, '').split(/\s+/))
				if (!ids.includes(id)) wrong.push(`${name} of ${e.outerHTML.slice(0, 80)} leads nowhere`);
		}
	return [...new Set(wrong)].slice(0, 20);
}
