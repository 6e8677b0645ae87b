using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Web.Problems;

namespace Monolith.BuildingBlocks.Web.Access;

/// <summary>
/// Refuses requests that a web page of another site sends from a user's browser, on every path: by <c>Host</c> where its name was made to
/// point here, by <c>Origin</c> else. The admin API demands more, until there is
/// sign-in: caller, <c>Host</c> and <c>Origin</c> are this machine, whatever is configured.
/// </summary>
internal sealed class RequestOriginMiddleware(RequestDelegate next, AllowedHosts hosts)
{
    /// <summary>Everything below is for this machine alone, routes that do not exist included.</summary>
    private const string Admin = "/admin";

    public static Error BadHost { get; } = new(
        ErrorKind.Forbidden,
        "host-not-allowed",
        "Host not allowed",
        "The header Host names a host that is not configured: call a loopback address, or add the name to the setting AllowedHosts.")
    {
        Fields = Named(HeaderNames.Host, "Must be localhost, a loopback address, or one of AllowedHosts."),
    };

    public static Error BadOrigin { get; } = new(
        ErrorKind.Forbidden,
        "origin-not-allowed",
        "Origin not allowed",
        "The header Origin names a web page of another site: call from a page of this host, or without that header.")
    {
        Fields = Named(HeaderNames.Origin, "Must be given once, with localhost, a loopback address, or one of AllowedHosts as its host."),
    };

    public static Error RemoteCaller { get; } = NotLocal("This request came from another address: call it on the machine itself.");

    private static readonly Error RemoteHost =
        NotLocal("The header Host names another machine: call it as localhost, 127.0.0.1 or [::1].", HeaderNames.Host);

    private static readonly Error RemoteOrigin = NotLocal(
        "The header Origin names a page of another machine: call it from a page of this host, or without that header.", HeaderNames.Origin);

    public Task InvokeAsync(HttpContext context)
    {
        var isAdmin = context.Request.Path.StartsWithSegments(Admin, StringComparison.OrdinalIgnoreCase)
            || context.GetEndpoint()?.Metadata.GetMetadata<LocalOnly>() is not null;
        return (isAdmin ? FaultOfAdmin(context) : Fault(context.Request)) is { } fault ? context.AnswerAsync(fault) : next(context);
    }

    private Error? Fault(HttpRequest request)
    {
        if (!hosts.IsAllowed(HostOf(request)))
            return BadHost;
        var origins = request.Headers.Origin;
        return origins.Count == 0 || (origins.Count == 1 && hosts.IsAllowedOrigin(origins[0])) ? null : BadOrigin;
    }

    private static Error? FaultOfAdmin(HttpContext context)
    {
        if (!AllowedHosts.IsLoopback(context.Connection.RemoteIpAddress))
            return RemoteCaller;
        if (!AllowedHosts.IsLoopback(HostOf(context.Request)))
            return RemoteHost;
        var origins = context.Request.Headers.Origin;
        return origins.Count == 0 || (origins.Count == 1 && AllowedHosts.IsLoopbackOrigin(origins[0])) ? null : RemoteOrigin;
    }

    // As it came: the framework would turn a name in Punycode into another text than the settings have.
    private static HostString HostOf(HttpRequest request) => new(request.Headers.Host.ToString());

    private static Error NotLocal(string fault, string? header = null) => new(
        ErrorKind.Forbidden, "not-local", "Only from this machine", $"The admin API accepts requests from this machine only. {fault}")
    {
        Fields = header is null ? null : Named(header, "Must be localhost or a loopback address."),
    };

    private static Dictionary<string, string[]> Named(string header, string message) => new() { [header] = [message] };
}
