using System.Net;
using Microsoft.AspNetCore.Http;

namespace Monolith.Modules.Analytics.Exports;

/// <summary>A client that reads a file with several requests, perhaps over several connections.</summary>
/// <param name="Address">Its address.</param>
/// <param name="UserAgent">The beginning of its <c>User-Agent</c>.</param>
internal sealed record ExportClient(IPAddress? Address, string UserAgent)
{
    private const int MostCharacters = 256;

    public static ExportClient Of(HttpContext context)
    {
        var agent = context.Request.Headers.UserAgent.ToString();
        return new ExportClient(context.Connection.RemoteIpAddress, agent.Length > MostCharacters ? agent[..MostCharacters] : agent);
    }
}
