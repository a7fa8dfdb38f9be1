/// The life of an agent: what is asked, what happens, and the one pure function that folds both into a state.
@NullMarked
package ai.j1msky.common.agent;

import org.jspecify.annotations.NullMarked;
