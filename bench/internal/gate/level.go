package gate

// alpha is the chance that a check of unchanged code, whatever the number of
// its rules, fails for one of them. It is shared evenly by the statistical
// questions, whose number is known before anything is measured. Exact rules
// need none of it.
const alpha = 0.01
