/// The machine that a process runs on: how warm, how busy, how full.
@NullMarked
package ai.j1msky.common.host;

import org.jspecify.annotations.NullMarked;
