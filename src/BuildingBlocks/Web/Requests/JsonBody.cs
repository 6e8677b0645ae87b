using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Web.Limits;
using Monolith.BuildingBlocks.Web.Numbers;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>Reads a JSON body.</summary>
internal static class JsonBody
{
    private const string PathRoot = "$";
    private const string InvalidValue = "Is of the wrong type, out of range, or given twice.";

    private static readonly Error NotAnObject =
        new(ErrorKind.Invalid, "invalid-request", "Invalid request", "The body must be a JSON object.");

    /// <summary>Whether Content-Type is JSON in UTF-8.</summary>
    public static bool IsJson(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
            return false;
        var isJson = type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase);
        return isJson && (!type.Charset.HasValue || IsUtf8(HeaderUtilities.RemoveQuotes(type.Charset)));
    }

    public static async Task<Result<T>> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> json)
        where T : class
    {
        try
        {
            var body = await JsonSerializer.DeserializeAsync(request.BodyReader, json, request.HttpContext.RequestAborted);
            return body is null ? NotAnObject : body;
        }
        catch (JsonException exception)
        {
            return ErrorFor(exception);
        }
    }

    // utf8 is a common misspelling, and an alias in the Encoding Standard.
    private static bool IsUtf8(StringSegment charset) =>
        charset.Equals(Encoding.UTF8.WebName, StringComparison.OrdinalIgnoreCase)
        || charset.Equals("utf8", StringComparison.OrdinalIgnoreCase);

    // The serializer wraps the exception of its reader when the body is not JSON; any other exception is about a value.
    private static Error ErrorFor(JsonException exception) => exception.InnerException is JsonException
        ? Malformed(exception.LineNumber + 1, exception.BytePositionInLine + 1)
        : Mismatch(exception.Path, (exception as InvalidValueException)?.Fault ?? InvalidValue);

    public static Error Malformed(long? line, long? position) => new(
        ErrorKind.Invalid,
        "malformed-json",
        "Malformed JSON",
        $"The body is empty, or not a JSON document of at most {RequestLimits.JsonDepth} levels (line {line}, byte {position}).");

    private static Error Mismatch(string? path, string fault) => path is null or PathRoot
        ? NotAnObject
        : RequestErrors.Invalid(new Dictionary<string, string[]>
        {
            [path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path[1..]] = [fault],
        });
}
