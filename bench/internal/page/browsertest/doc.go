// Package browsertest opens the report page in a browser and looks at it as
// readers do: on a desk and on a phone, in the light and in the dark, with the
// mouse and with the keyboard alone, on paper, and without scripts.
//
// It holds nothing but tests. What each of them looks for is a check: it is
// shown the page and says what is wrong with it. Every check must also find
// something on a page that was spoiled for it, since a check that looks at the
// wrong place finds nothing either.
//
// The tests are skipped where there is no browser: make browser installs one.
package browsertest
