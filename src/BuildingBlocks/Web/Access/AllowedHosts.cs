using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;
using Monolith.BuildingBlocks.Modules.Settings;

namespace Monolith.BuildingBlocks.Web.Access;

/// <summary>
/// The host names that requests may use. A web page whose name was made to resolve to this host (DNS rebinding) uses another one. The names
/// of the loopback interface are always allowed: in a browser, no other machine can use one of them.
/// </summary>
internal sealed class AllowedHosts(IConfiguration configuration)
{
    private const string Localhost = "localhost";

    /// <summary>The names in addition to those of the loopback interface. ASP.NET Core reads the same setting.</summary>
    public static readonly Setting<IList<StringSegment>> Hosts = new(
        "AllowedHosts", [], "none", "names without a port like shop.example.org or *.example.org, with a semicolon between, or * for any",
        "Names that `Host` and `Origin` may contain, in addition to `localhost` and loopback addresses. "
        + "Other names are refused with 403 (see Host names in docs/operations.md).",
        TryRead);

    private readonly IList<StringSegment> hosts = Hosts.Of(configuration);

    // Nearly all requests name the same host, so that nothing is parsed.
    private string? lastAllowed;

    public bool IsAllowed(HostString host)
    {
        if (host.Value is not { Length: > 0 } value)
            return false;
        if (string.Equals(value, Volatile.Read(ref lastAllowed), StringComparison.Ordinal))
            return true;
        var isAllowed = IsAllowedName(host.Host);
        if (isAllowed)
            Volatile.Write(ref lastAllowed, value);
        return isAllowed;
    }

    public bool IsAllowedOrigin(string? origin) => HostOf(origin) is { } host && IsAllowedName(host);

    public static bool IsLoopback(HostString host) => IsLoopback(WithoutDot(host.Host));

    public static bool IsLoopbackOrigin(string? origin) => HostOf(origin) is { } host && IsLoopback(WithoutDot(host));

    public static bool IsLoopback(IPAddress? address) =>
        address is not null && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    private bool IsAllowedName(string name)
    {
        name = WithoutDot(name);
        return name.Length > 0 && (IsLoopback(name) || HostString.MatchesAny(name, hosts));
    }

    private static bool IsLoopback(string name) =>
        name.Equals(Localhost, StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(name.Trim('[', ']'), out var address) && IsLoopback(address));

    private static string? HostOf(string? origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Scheme is "http" or "https" ? page!.IdnHost : null;

    // shop.example.org. with the root of DNS is shop.example.org.
    private static string WithoutDot(string name) => name.EndsWith('.') ? name[..^1] : name;

    private static bool TryRead(string text, out IList<StringSegment> value)
    {
        var names = text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        value = [.. names.Where(IsName).Select(name => new StringSegment(WithoutDot(new HostString(name).ToUriComponent())))];
        return names.Length > 0 && value.Count == names.Length;
    }

    private static bool IsName(string name)
    {
        var rest = name is "*" ? "any" : name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name;
        var kind = Uri.CheckHostName(rest);
        return kind is UriHostNameType.Dns or UriHostNameType.IPv4 || (kind is UriHostNameType.IPv6 && name is ['[', .., ']']);
    }
}
