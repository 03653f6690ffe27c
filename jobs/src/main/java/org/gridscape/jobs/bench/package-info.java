/**
 * What {@code gridscape bench} measures: the engines and the PyTorch peer in {@code jobs/bench},
 * side by side in one run. Cases come from the presets; rounds alternate between the contenders;
 * figures leave as JSON and as Markdown.
 */
package org.gridscape.jobs.bench;
