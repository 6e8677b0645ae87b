using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>An aggregate's version as an entity tag: strong, the decimal version in quotes (<c>"3"</c>).</summary>
internal static class EntityTag
{
    private const string AnyVersion = "*";

    public static Error InvalidIfMatch { get; } = new(
        ErrorKind.Invalid,
        "invalid-if-match",
        "Invalid If-Match",
        "If-Match must be one strong ETag as this server sends it, like \"3\", or *.")
    {
        Fields = new Dictionary<string, string[]> { [HeaderNames.IfMatch] = ["Must be one strong ETag, like \"3\", or *."] },
    };

    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>
    /// Reads the version that the client expects, or null. <c>*</c> only requires that the resource exists, which every command on it does.
    /// A list of tags is refused, since a command is decided on one version.
    /// </summary>
    public static Result<long?> ReadIfMatch(HttpRequest request)
    {
        var header = request.Headers.IfMatch;
        if (header.Count == 0 || (header.Count == 1 && header[0]?.Trim() == AnyVersion))
            return (long?)null;
        return header.Count == 1 && TryParse(header[0], out var version) ? version : InvalidIfMatch;
    }

    /// <summary>
    /// Whether the client already has this version. The comparison is weak (RFC 9110, 13.1.2). A header that cannot be read is ignored.
    /// </summary>
    public static bool MatchesIfNoneMatch(HttpRequest request, long version)
    {
        StringValues header = request.Headers.IfNoneMatch;
        if (header.Count == 0 || !EntityTagHeaderValue.TryParseList(header, out var known))
            return false;
        var current = new EntityTagHeaderValue(Of(version));
        return known.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(current, useStrongComparison: false));
    }

    private static bool TryParse(string? text, out long? version)
    {
        var tag = text.AsSpan().Trim();
        var parsed = 0L;
        var valid = tag.Length > 2 && tag[0] == '"' && tag[^1] == '"'
            && long.TryParse(tag[1..^1], NumberStyles.None, CultureInfo.InvariantCulture, out parsed)
            && tag.SequenceEqual(Of(parsed));
        version = valid ? parsed : null;
        return valid;
    }
}
