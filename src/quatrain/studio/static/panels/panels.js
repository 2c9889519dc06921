/** The panels around the sheet: drafts, versions, training and the rest. */

/** Build the panels. @param {Desk} _desk */
export function startPanels(_desk) {}
