using System.IO.Compression;

namespace Monolith.Testing;

/// <summary>Bodies of requests in the content codings of HTTP.</summary>
public static class EncodedBody
{
    /// <summary>Encodes a body with each of the codings, in their order.</summary>
    public static byte[] Of(byte[] body, params IEnumerable<string> codings)
    {
        foreach (var coding in codings)
        {
            using var encoded = new MemoryStream();
            using (Stream encoder = coding switch
            {
                "gzip" => new GZipStream(encoded, CompressionLevel.Optimal),
                "br" => new BrotliStream(encoded, CompressionLevel.Optimal),
                _ => new ZLibStream(encoded, CompressionLevel.Optimal),
            })
                encoder.Write(body);
            body = encoded.ToArray();
        }

        return body;
    }
}
