using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Monolith.Host.Live;

/// <summary>The page that moves with the stream: one file, which may load and run nothing but what stands in it.</summary>
internal static partial class LivePage
{
    private const string Resource = "live.html";

    public static IEndpointConventionBuilder MapLivePage(this IEndpointRouteBuilder endpoints)
    {
        var page = Read();
        var policy = PolicyOf(Encoding.UTF8.GetString(page));
        return endpoints.MapGet("/live", context =>
        {
            var response = context.Response;
            response.ContentType = "text/html; charset=utf-8";
            response.ContentLength = page.Length;
            response.Headers.ContentSecurityPolicy = policy;
            response.Headers.XContentTypeOptions = "nosniff";
            response.Headers["Referrer-Policy"] = "no-referrer";
            response.Headers.CacheControl = "no-cache";
            return response.Body.WriteAsync(page, context.RequestAborted).AsTask();
        });
    }

    /// <summary>Exactly the scripts and styles of the page itself are allowed, by their hashes; no attribute of it can run anything.</summary>
    internal static string PolicyOf(string html) =>
        $"default-src 'none'; script-src {HashOf(html, Script())}; style-src {HashOf(html, Style())}; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static string HashOf(string html, Regex element)
    {
        // A browser hashes what it has parsed, where line ends are line feeds.
        var text = element.Match(html.ReplaceLineEndings("\n")).Groups[1].Value;
        return $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
    }

    private static byte[] Read()
    {
        using var resource = typeof(LivePage).Assembly.GetManifestResourceStream(Resource)!;
        using var page = new MemoryStream();
        resource.CopyTo(page);
        return page.ToArray();
    }

    [GeneratedRegex("<script>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Style();
}
