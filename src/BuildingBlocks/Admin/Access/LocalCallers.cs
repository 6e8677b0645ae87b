using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Web.Problems;

namespace Monolith.BuildingBlocks.Admin.Access;

/// <summary>
/// Lets only this machine into the admin API, until there is sign-in. The address keeps other machines out; the Host header a web page whose name was made to point here; the Origin one of any other site in
/// the operator's own browser.
/// </summary>
internal sealed class LocalCallers(RequestDelegate next)
{
    private const string LocalName = "localhost";

    public Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments(AdminHosting.Root, StringComparison.OrdinalIgnoreCase) && context.GetEndpoint()?.Metadata.GetMetadata<LocalOnly>() is null)
            return next(context);
        return Fault(context) is { } fault
            ? context.AnswerAsync(NotLocal(fault))
            : next(context);
    }

    public static Error NotLocal(string fault) => new(ErrorKind.Forbidden, "not-local", "Only from this machine", $"The admin API answers this machine alone, and {fault}.");

    private static string? Fault(HttpContext context) =>
        !IsLocal(context.Connection.RemoteIpAddress) ? "the request came from another one: call it on the machine itself"
        : !IsLocal(context.Request.Host) ? "the header Host names another one: call it as localhost, 127.0.0.1 or [::1]"
        : !IsLocal(context.Request.Headers.Origin) ? "the header Origin names a page of another one: call it from a page of this host, or without that header"
        : null;

    private static bool IsLocal(IPAddress? address) => address is not null && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    private static bool IsLocal(HostString host) => IsLocalName(host.Host);

    private static bool IsLocal(StringValues origins) => origins.Count switch
    {
        0 => true,
        1 => Uri.TryCreate(origins[0], UriKind.Absolute, out var origin) && origin.Scheme is "http" or "https" && IsLocalName(origin.Host),
        _ => false,
    };

    private static bool IsLocalName(string name) =>
        name.Equals(LocalName, StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(name.Trim('[', ']'), out var address) && IsLocal(address));
}
