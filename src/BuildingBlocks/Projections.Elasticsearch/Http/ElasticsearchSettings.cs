using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Modules.Settings;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch.Http;

/// <summary>Where Elasticsearch is, and what the names of our indexes begin with.</summary>
internal sealed partial class ElasticsearchSettings
{
    /// <summary>The setting of <see cref="Url"/> and <see cref="Credentials"/>.</summary>
    public static readonly Setting<Uri?> Address = new(
        "Elasticsearch:Url", null, "none", "an address like http://search:9200",
        "Where Elasticsearch 8 is; a user and a password may stand before the host (`https://user:password@search:9200`). Required where rows go there.", TryRead, Shown);

    /// <summary>The setting of <see cref="Prefix"/>.</summary>
    public static readonly Setting<string> IndexPrefix = Setting.Text(
        "Elasticsearch:Prefix", "", "small letters, digits and hyphens, and begin with a letter",
        "What the names of all indexes there begin with (`shop-`), so that several installations may share a cluster.", text => Allowed().IsMatch(text), defaultText: "none");

    /// <param name="configuration">The host's configuration.</param>
    /// <exception cref="InvalidSettingException">A setting is missing or means nothing.</exception>
    public ElasticsearchSettings(IConfiguration configuration)
    {
        var url = Address.Of(configuration) ?? throw new InvalidSettingException($"Rows go to Elasticsearch, but {Address.Name} is not set: say where it is ({Address.Values}).");
        Prefix = IndexPrefix.Of(configuration);
        Url = new UriBuilder(url) { UserName = "", Password = "", Path = url.AbsolutePath.TrimEnd('/') + "/" }.Uri;
        if (url.UserInfo.Length > 0)
            Credentials = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url.UserInfo))));
    }

    /// <summary>The address, without credentials.</summary>
    public Uri Url { get; }

    /// <summary>User and password where the address had them.</summary>
    public AuthenticationHeaderValue? Credentials { get; }

    /// <summary>What the names of all indexes begin with, so that several installations may share a cluster.</summary>
    public string Prefix { get; }

    private static bool TryRead(string text, out Uri? url) => Uri.TryCreate(text, UriKind.Absolute, out url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);

    // A password that stands before an @ is not for a message.
    private static string Shown(string text) => text.LastIndexOf('@') is > 0 and var at ? $"…{text[at..]}" : text;

    [GeneratedRegex("^[a-z][a-z0-9-]*\\z")]
    private static partial Regex Allowed();
}
