using System.Net;
using System.Net.Sockets;

namespace FraudEngine.Egress.Webhooks;

/// <summary>
/// Tells addresses of the public network from others. Who may name an endpoint must not reach by it what only the engine reaches: the own machine, the own
/// network, a cloud's metadata service. An IPv6 address that carries an IPv4 address is as public as that.
/// </summary>
internal static class PublicAddresses
{
    // IANA's special-purpose registries for IPv4 and IPv6 (RFC 6890), but for what is globally reachable.
    private static readonly IPNetwork[] Special4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    // Everything global is within 2000::/3; of that, what is not.
    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] Special6 =
    [
        .. new[] { "2001::/23", "2001:db8::/32", "3fff::/20" }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    public static bool IsPublic(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return !Array.Exists(Special4, network => network.Contains(address));
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6 || address.ScopeId != 0)
        {
            return false;
        }

        var bytes = address.GetAddressBytes();
        if (address.IsIPv4MappedToIPv6 || Nat64.Contains(address))
        {
            return IsPublic(new IPAddress(bytes.AsSpan(12)));
        }

        return SixToFour.Contains(address)
            ? IsPublic(new IPAddress(bytes.AsSpan(2, 4)))
            : Global6.Contains(address) && !Array.Exists(Special6, network => network.Contains(address));
    }
}
