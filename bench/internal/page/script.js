// What a page gains by a script: sorting, a filter, the figures behind a cell,
// commands that can be copied, and the place in the contents. Without it
// everything is there to read.
"use strict";
(function () {
	const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
	const make = (name, properties) => Object.assign(document.createElement(name), properties);
	document.documentElement.classList.add("js");
	const tables = all("table.data");

	// Sorting: by what a cell is worth, or by its text; cells without anything
	// stay at the end both ways. A third click brings the first order back.
	function sorter(table) {
		const body = table.tBodies[0], heads = all("thead th", table);
		const first = Array.from(body.rows);
		heads.forEach((head, column) => {
			const button = make("button", { type: "button", textContent: head.textContent });
			head.replaceChildren(button);
			button.addEventListener("click", () => {
				const was = head.getAttribute("aria-sort");
				const now = was === "ascending" ? "descending" : was === "descending" ? null : "ascending";
				heads.forEach((h) => h.removeAttribute("aria-sort"));
				if (now) head.setAttribute("aria-sort", now);
				body.append(...(now ? sorted(first, column, now === "descending") : first));
			});
		});
	}
	function sorted(rows, column, down) {
		const key = (row) => {
			const cell = row.cells[column];
			return { number: cell.dataset.sort === undefined ? NaN : Number(cell.dataset.sort), text: cell.textContent.trim() };
		};
		const compare = (a, b) => {
			if (!isNaN(a.number) && !isNaN(b.number)) return a.number - b.number;
			if (!isNaN(a.number) || !isNaN(b.number)) return isNaN(a.number) ? 1 : -1;
			return a.text.localeCompare(b.text);
		};
		return rows.map((row) => [key(row), row]).sort(([a], [b]) => {
			if (a.text === "" || b.text === "") return (a.text === "") - (b.text === "");
			return down ? compare(b, a) : compare(a, b);
		}).map(([, row]) => row);
	}

	// The filter hides rows in all tables alike.
	function filter() {
		const box = make("div", { className: "filter" });
		const input = make("input", { type: "search", id: "filter", autocomplete: "off", placeholder: "Filter rows" });
		const status = make("span", { id: "filter-status" });
		status.setAttribute("role", "status");
		box.append(make("label", { htmlFor: "filter", textContent: "Filter rows" }), input, status);
		document.getElementById("contents").append(box);
		const rows = tables.flatMap((table) => Array.from(table.tBodies[0].rows));
		input.addEventListener("input", () => {
			const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
			let shown = 0;
			for (const row of rows) {
				const text = row.textContent.toLowerCase();
				row.hidden = !words.every((word) => text.includes(word));
				if (!row.hidden) shown++;
			}
			status.textContent = words.length ? shown + " of " + rows.length + " rows" : "";
		});
	}

	// The figures behind a cell are shown under the pointer, and for the cell
	// that has the focus: the first of each table can be reached with Tab, the
	// others with the arrows.
	function tips() {
		const tip = make("div", { id: "tip", hidden: true });
		tip.setAttribute("role", "tooltip");
		document.body.append(tip);
		const hide = () => {
			tip.hidden = true;
			all("[aria-describedby=tip]").forEach((cell) => cell.removeAttribute("aria-describedby"));
		};
		const show = (cell) => {
			hide();
			tip.textContent = cell.dataset.tip;
			tip.hidden = false;
			cell.setAttribute("aria-describedby", "tip");
			const at = cell.getBoundingClientRect(), width = document.documentElement.clientWidth;
			tip.style.left = Math.max(8, Math.min(at.left, width - tip.offsetWidth - 8)) + scrollX + "px";
			tip.style.top = at.bottom + 4 + scrollY + "px";
		};
		for (const table of tables) {
			const cells = all("[data-tip]", table);
			if (cells.length === 0) continue;
			cells.forEach((cell, i) => cell.tabIndex = i ? -1 : 0);
			const cellOf = (event) => event.target.closest("[data-tip]");
			// A pointer that the page moved under leaves the cell with the focus alone.
			const rest = () => document.activeElement?.dataset?.tip ? show(document.activeElement) : hide();
			for (const [event, action] of [["mouseover", show], ["focusin", show]]) {
				table.addEventListener(event, (e) => cellOf(e) ? action(cellOf(e)) : rest());
			}
			table.addEventListener("mouseleave", rest);
			table.addEventListener("focusout", hide);
			table.addEventListener("keydown", (e) => {
				const cell = cellOf(e);
				if (!cell) return;
				if (e.key === "Escape") return hide();
				const next = step(cell, e.key);
				if (!next) return;
				e.preventDefault();
				cell.tabIndex = -1;
				next.tabIndex = 0;
				next.focus();
			});
		}
	}
	// step finds the next cell with figures in the direction of an arrow.
	function step(cell, key) {
		const move = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[key];
		if (!move) return null;
		const rows = Array.from(cell.closest("tbody").rows).filter((row) => !row.hidden);
		let y = rows.indexOf(cell.parentElement), x = cell.cellIndex;
		for (;;) {
			y += move[0];
			x += move[1];
			if (!rows[y] || !rows[y].cells[x]) return null;
			if (rows[y].cells[x].dataset.tip) return rows[y].cells[x];
		}
	}

	// A chart that scrolls can be reached by keyboard; others are no stop.
	function reach() {
		const figures = all("figure");
		const look = () => figures.forEach((f) => f.scrollWidth > f.clientWidth ? f.tabIndex = 0 : f.removeAttribute("tabindex"));
		addEventListener("resize", look);
		look();
	}

	function copying() {
		if (!navigator.clipboard) return;
		for (const command of all("pre.command")) {
			const button = make("button", { type: "button", className: "copy", textContent: "Copy" });
			button.setAttribute("aria-label", "Copy: " + command.textContent);
			button.addEventListener("click", () => navigator.clipboard.writeText(command.textContent).then(
				() => { button.textContent = "Copied"; }, () => { button.textContent = "Select it and copy it by hand"; }));
			command.after(button);
		}
	}

	// The contents show the last section whose beginning has been passed.
	function place() {
		const links = new Map(all("#contents a").map((a) => [a.hash.slice(1), a]));
		const sections = all("main > section").filter((s) => links.has(s.id));
		let current = null;
		const look = () => {
			let last = sections[0];
			for (const s of sections) if (s.getBoundingClientRect().top < innerHeight / 3) last = s;
			if (last === undefined || last === current) return;
			if (current) links.get(current.id).removeAttribute("aria-current");
			current = last;
			const link = links.get(last.id), list = link.closest("ol");
			link.setAttribute("aria-current", "location");
			list.scrollLeft = link.offsetLeft - list.offsetLeft - list.clientWidth / 3;
		};
		let waiting = false;
		addEventListener("scroll", () => {
			if (waiting) return;
			waiting = true;
			requestAnimationFrame(() => { waiting = false; look(); });
		}, { passive: true });
		look();
	}

	// Folded parts open for the printer, and for who follows a link to them.
	addEventListener("beforeprint", () => all("details").forEach((d) => { d.open = true; }));
	const unfold = () => {
		const target = location.hash && document.getElementById(location.hash.slice(1));
		if (target && target.tagName === "DETAILS") target.open = true;
	};
	addEventListener("hashchange", unfold);
	unfold();

	tables.forEach(sorter);
	filter();
	tips();
	reach();
	copying();
	place();
})();
