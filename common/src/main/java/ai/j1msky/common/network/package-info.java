/// Addresses and blocks of addresses, IPv4 and IPv6: the one place where their texts are read.
///
/// Does not decide who may enter; the gateway does.
@NullMarked
package ai.j1msky.common.network;

import org.jspecify.annotations.NullMarked;
