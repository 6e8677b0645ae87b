using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Monolith.BuildingBlocks.Web.Problems;
using Monolith.BuildingBlocks.Web.Requests;
using Monolith.Testing;

namespace Monolith.Web.Tests;

[Trait("Category", "Unit")]
public sealed class ContentCodingTests
{
    private const int MebiByte = 1024 * 1024;

    private static readonly byte[] Text =
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("""{"reason":"a text that is long enough"}""", 20)));

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("GZip", "gzip")]
    [InlineData("x-gzip", "gzip")]
    [InlineData("br", "br")]
    [InlineData("deflate", "deflate")]
    [InlineData("identity", "")]
    [InlineData("identity, gzip", "gzip")]
    [InlineData("gzip, , br", "gzip br")]
    [InlineData("br,gzip,deflate", "br gzip deflate")]
    [InlineData("", "")]
    public async Task Body_is_decoded(string header, string codings)
    {
        var request = Request(Encode(Text, codings), header);

        ContentCoding.Decode(request);

        (await ReadAsync(request.Body)).ShouldBe(Text);
        request.Headers.ContentEncoding.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Codings_of_several_headers_are_one_list()
    {
        var request = Request(Encode(Text, "gzip br"), "gzip", "br");

        ContentCoding.Decode(request);

        (await ReadAsync(request.Body)).ShouldBe(Text);
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("compress")]
    [InlineData("gzip, zstd")]
    [InlineData("*")]
    [InlineData("gzip;q=1")]
    [InlineData("gzip,gzip,gzip,gzip,gzip")]
    public async Task Unknown_coding_is_refused_when_the_body_is_read(string header)
    {
        var request = Request(Text, header);

        ContentCoding.Decode(request);

        request.HttpContext.Response.Headers.AcceptEncoding.Count.ShouldBe(0);
        var refused = await Should.ThrowAsync<RequestRefusedException>(() => ReadAsync(request.Body));
        refused.Problem.Slug.ShouldBe("unsupported-content-encoding");
        request.HttpContext.Response.Headers.AcceptEncoding.ToString().ShouldBe("gzip, br, deflate");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Body_in_another_coding_is_refused(string coding)
    {
        var encoded = Encode(Text, coding);
        foreach (var body in new[] { Text, encoded[..^1], encoded[..(encoded.Length / 2)], Encode(Text, coding == "br" ? "gzip" : "br") })
        {
            var request = Request(body, coding);

            ContentCoding.Decode(request);

            var refused = await Should.ThrowAsync<RequestRefusedException>(() => ReadAsync(request.Body));
            refused.Problem.Errors!.Keys.ShouldBe(["Content-Encoding"]);
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("gzip gzip")]
    [InlineData("br br")]
    public async Task Decompression_bomb_is_refused_in_little_memory(string codings)
    {
        var bomb = Encode(new byte[200 * MebiByte], codings);
        bomb.Length.ShouldBeLessThan(MebiByte);
        var request = Request(bomb, codings.Replace(' ', ','));

        ContentCoding.Decode(request);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refused = Should.Throw<BadHttpRequestException>(() => ReadAsync(request.Body).GetAwaiter().GetResult());

        refused.StatusCode.ShouldBe(StatusCodes.Status413PayloadTooLarge);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(8 * MebiByte);
    }

    [Theory, InlineData(0, true), InlineData(1, false)]
    public async Task Limit_applies_to_the_decoded_body(int more, bool passes)
    {
        var request = Request(Encode(new byte[MebiByte + more], "gzip"), "gzip");

        ContentCoding.Decode(request);

        if (passes)
            (await ReadAsync(request.Body)).Length.ShouldBe(MebiByte);
        else
            await Should.ThrowAsync<BadHttpRequestException>(() => ReadAsync(request.Body));
    }

    private static byte[] Encode(byte[] body, string codings) =>
        EncodedBody.Of(body, codings.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static async Task<byte[]> ReadAsync(Stream body)
    {
        using var read = new MemoryStream();
        await body.CopyToAsync(read);
        return read.ToArray();
    }

    private static HttpRequest Request(byte[] body, params string[] codings)
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpRequestFeature>(new HttpRequestFeature { Body = new MemoryStream(body) });
        context.Request.Headers.ContentEncoding = codings;
        return context.Request;
    }
}
