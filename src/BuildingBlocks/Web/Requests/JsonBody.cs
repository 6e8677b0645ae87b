using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Web.Numbers;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>Reads the body of a request.</summary>
internal static class JsonBody
{
    private const string PathRoot = "$";
    private const string Unfit = "Is of the wrong type, out of range, or given twice.";

    private static readonly Error NoObject = new(ErrorKind.Invalid, "invalid-request", "Invalid request", "The body must be a JSON object.");

    /// <summary>Whether the request says that its body is JSON, in the one encoding that JSON has.</summary>
    public static bool IsJson(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
            return false;
        var isJson = type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase);
        return isJson && (!type.Charset.HasValue || IsUtf8(HeaderUtilities.RemoveQuotes(type.Charset)));
    }

    public static async Task<Result<T>> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> json)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(request.BodyReader, json, request.HttpContext.RequestAborted) is { } body ? body : NoObject;
        }
        catch (JsonException exception)
        {
            return ErrorFor(exception);
        }
    }

    // The second is a common misspelling, and an alias by the Encoding Standard.
    private static bool IsUtf8(StringSegment charset) =>
        charset.Equals(Encoding.UTF8.WebName, StringComparison.OrdinalIgnoreCase)
        || charset.Equals("utf8", StringComparison.OrdinalIgnoreCase);

    // The reader's own exception, wrapped by the serializer, says that this is no JSON at all; any other, that it is not what the type wants.
    private static Error ErrorFor(JsonException exception) => exception.InnerException is JsonException
        ? Malformed(exception.LineNumber + 1, exception.BytePositionInLine + 1)
        : Mismatch(exception.Path, (exception as UnfitValueException)?.Fault ?? Unfit);

    public static Error Malformed(long? line, long? position) => new(
        ErrorKind.Invalid,
        "malformed-json",
        "Malformed JSON",
        $"The body is empty, or not a JSON document of at most {WebLimits.JsonDepth} levels (line {line}, byte {position}).");

    private static Error Mismatch(string? path, string fault) => path is null or PathRoot
        ? NoObject
        : RequestErrors.Invalid(new Dictionary<string, string[]>
        {
            [path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path[1..]] = [fault],
        });
}
