/**
 * The configuration of a run: HOCON over presets over {@code reference.conf}, read once into the
 * records that the other packages take.
 */
package org.gridscape.config;
