/// The product on several machines that `infra/cluster` makes: faults under load, and what must hold through them.
///
/// Starting and cutting off machines is the script's.
@NullMarked
package ai.j1msky.e2e.cluster;

import org.jspecify.annotations.NullMarked;
