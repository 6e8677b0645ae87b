using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Web.Problems;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>
/// The content codings in which a body may come (RFC 9110, 8.4). A body is decoded while it is read, so that a route that reads none is
/// not affected.
/// </summary>
internal static class ContentCoding
{
    private const string Identity = "identity";
    private const int MostCodings = 4;

    /// <summary>The codings by the names of the header; <c>x-gzip</c> is an old name of gzip.</summary>
    private static readonly Dictionary<string, Func<Stream, Stream>> Decoders = new(StringComparer.OrdinalIgnoreCase)
    {
        ["gzip"] = body => new GZipStream(body, CompressionMode.Decompress, leaveOpen: true),
        ["x-gzip"] = body => new GZipStream(body, CompressionMode.Decompress, leaveOpen: true),
        ["br"] = body => new BrotliStream(body, CompressionMode.Decompress, leaveOpen: true),
        ["deflate"] = body => new ZLibStream(body, CompressionMode.Decompress, leaveOpen: true),
    };

    /// <summary>What a 415 names as acceptable (RFC 9110, 15.5.16).</summary>
    public const string Accepted = "gzip, br, deflate";

    public static Problem Unknown { get; } = Problem.New(
        StatusCodes.Status415UnsupportedMediaType,
        "unsupported-content-encoding",
        "Unsupported content encoding",
        $"The body must be encoded as one of {Accepted}, or not at all.") with
    {
        Errors = Named($"Must be {Accepted} or {Identity}, or a comma-separated list of at most {MostCodings} of them."),
    };

    public static Error Broken { get; } = RequestErrors.Invalid(Named("The body is incomplete, or is not in the encoding that Content-Encoding names."));

    /// <summary>Replaces the body of a request by the decoded one.</summary>
    public static void Decode(HttpRequest request)
    {
        string[] names =
        [
            .. request.Headers.GetCommaSeparatedValues(HeaderNames.ContentEncoding).Select(name => name.Trim())
                .Where(name => name.Length > 0 && !name.Equals(Identity, StringComparison.OrdinalIgnoreCase)),
        ];
        // The body that is read has none any more.
        request.Headers.ContentEncoding = default;
        if (names.Length == 0)
            return;
        if (names.Length > MostCodings || !names.All(Decoders.ContainsKey))
        {
            request.Body = new RefusedBody(request.HttpContext);
            return;
        }

        // They were applied in the order of the header. What comes out of each is bounded, so that no step can be made to work without end.
        foreach (var name in names.AsEnumerable().Reverse())
        {
            var decoder = Decoders[name](request.Body);
            request.HttpContext.Response.RegisterForDispose(decoder);
            request.Body = new DecodedBody(new LimitedBody(decoder, length: null));
        }
    }

    private static Dictionary<string, string[]> Named(string message) => new() { [HeaderNames.ContentEncoding] = [message] };

    /// <summary>Tells a body that cannot be decoded from a failure of the server.</summary>
    private sealed class DecodedBody(Stream body) : ReadOnlyBody
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return await body.ReadAsync(buffer, cancellationToken);
            }
            // Brotli says the second where the others say the first.
            catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException)
            {
                throw new RefusedRequestException(ProblemMapping.Of(Broken), exception);
            }
        }
    }

    /// <summary>A body in a coding that is not known: refused when it is read.</summary>
    private sealed class RefusedBody(HttpContext context) : ReadOnlyBody
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            context.Response.Headers.AcceptEncoding = Accepted;
            throw new RefusedRequestException(Unknown);
        }
    }
}
