using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Web.Problems;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>
/// Decodes bodies with a content coding (RFC 9110, 8.4). A body is decoded while it is read, so that a route that reads no body is not
/// affected.
/// </summary>
internal static class ContentCoding
{
    private const string Identity = "identity";
    private const int MaxCodings = 4;

    // x-gzip is an old name of gzip.
    private static readonly Dictionary<string, Func<Stream, Stream>> Decoders = new(StringComparer.OrdinalIgnoreCase)
    {
        ["gzip"] = body => new GZipStream(body, CompressionMode.Decompress, leaveOpen: true),
        ["x-gzip"] = body => new GZipStream(body, CompressionMode.Decompress, leaveOpen: true),
        ["br"] = body => new BrotliStream(body, CompressionMode.Decompress, leaveOpen: true),
        ["deflate"] = body => new ZLibStream(body, CompressionMode.Decompress, leaveOpen: true),
    };

    /// <summary>The codings that a 415 names as acceptable (RFC 9110, 15.5.16).</summary>
    public const string Accepted = "gzip, br, deflate";

    public static Problem UnknownCoding { get; } = Problem.New(
        StatusCodes.Status415UnsupportedMediaType,
        "unsupported-content-encoding",
        "Unsupported content encoding",
        $"The body must be encoded as one of {Accepted}, or not at all.") with
    {
        Errors = Field($"Must be {Accepted} or {Identity}, or a comma-separated list of at most {MaxCodings} of them."),
    };

    public static Error InvalidBody { get; } =
        RequestErrors.Invalid(Field("The body is incomplete, or is not in the encoding that Content-Encoding names."));

    /// <summary>Replaces the body of a request with the decoded one.</summary>
    public static void Decode(HttpRequest request)
    {
        string[] names =
        [
            .. request.Headers.GetCommaSeparatedValues(HeaderNames.ContentEncoding).Select(name => name.Trim())
                .Where(name => name.Length > 0 && !name.Equals(Identity, StringComparison.OrdinalIgnoreCase)),
        ];
        // The endpoint reads the decoded body.
        request.Headers.ContentEncoding = default;
        if (names.Length == 0)
            return;
        if (names.Length > MaxCodings || !names.All(Decoders.ContainsKey))
        {
            request.Body = new RefusedBody(request.HttpContext);
            return;
        }

        // They were applied in the order of the header. The output of each decoder is limited, against decompression bombs.
        foreach (var name in names.AsEnumerable().Reverse())
        {
            var decoder = Decoders[name](request.Body);
            request.HttpContext.Response.RegisterForDispose(decoder);
            request.Body = new DecodedBody(new LimitedBody(decoder, length: null));
        }
    }

    private static Dictionary<string, string[]> Field(string message) => new() { [HeaderNames.ContentEncoding] = [message] };

    /// <summary>Refuses a body that cannot be decoded.</summary>
    private sealed class DecodedBody(Stream body) : ReadOnlyBody
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return await body.ReadAsync(buffer, cancellationToken);
            }
            // BrotliStream throws the second, the others the first.
            catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException)
            {
                throw new RequestRefusedException(ProblemMapping.Of(InvalidBody), exception);
            }
        }
    }

    /// <summary>A body in an unknown coding: it is refused when it is read.</summary>
    private sealed class RefusedBody(HttpContext context) : ReadOnlyBody
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            context.Response.Headers.AcceptEncoding = Accepted;
            throw new RequestRefusedException(UnknownCoding);
        }
    }
}
