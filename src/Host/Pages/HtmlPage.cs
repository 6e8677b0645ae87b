using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Monolith.Host.Pages;

/// <summary>A self-contained HTML page. Its content security policy allows only its own script and style.</summary>
internal static partial class HtmlPage
{
    /// <summary>Maps GET of a page that is embedded in this assembly.</summary>
    public static IEndpointConventionBuilder MapHtmlPage(this IEndpointRouteBuilder endpoints, string path, string resource)
    {
        var page = Read(resource);
        var policy = PolicyOf(Encoding.UTF8.GetString(page));
        return endpoints.MapGet(path, context =>
        {
            var response = context.Response;
            response.ContentType = "text/html; charset=utf-8";
            response.ContentLength = page.Length;
            response.Headers.ContentSecurityPolicy = policy;
            response.Headers.CacheControl = "no-cache";
            return response.Body.WriteAsync(page, context.RequestAborted).AsTask();
        });
    }

    /// <summary>Allows the page's script and style by their hashes. Inline event handlers do not run.</summary>
    internal static string PolicyOf(string html) =>
        $"default-src 'none'; script-src {SourceOf(html, Script())}; style-src {SourceOf(html, Style())}; connect-src 'self'; "
        + "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static string SourceOf(string html, Regex element)
    {
        if (element.Match(html) is not { Success: true } match)
            return "'none'";
        // A browser hashes the parsed text, whose line ends are line feeds.
        var text = match.Groups[1].Value.ReplaceLineEndings("\n");
        return $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
    }

    private static byte[] Read(string resource)
    {
        using var stream = typeof(HtmlPage).Assembly.GetManifestResourceStream(resource)!;
        using var page = new MemoryStream();
        stream.CopyTo(page);
        return page.ToArray();
    }

    [GeneratedRegex("<script>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Style();
}
