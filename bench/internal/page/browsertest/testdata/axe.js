// What axe-core objects to: the rule, what it asks for, and where.
async function () {
	const result = await axe.run(document, {resultTypes: ['violations']});
	return result.violations.flatMap(v => {
		const where = v.nodes.slice(0, 4).map(n => `\n    ${n.target.join(' ')}: ${n.html.slice(0, 160)}\n      ${n.failureSummary.replaceAll('\n', '\n      ')}`);
		return [`${v.id} (${v.impact}): ${v.help}: ${v.nodes.length} places, such as${where.join('')}`];
	});
}
