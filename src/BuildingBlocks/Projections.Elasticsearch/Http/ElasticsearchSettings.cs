using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Modules.Settings;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch.Http;

/// <summary>The address of Elasticsearch and the prefix of index names.</summary>
internal sealed partial class ElasticsearchSettings
{
    /// <summary>The setting of <see cref="Url"/> and <see cref="Credentials"/>.</summary>
    public static readonly Setting<Uri?> Address = new(
        "Elasticsearch:Url",
        null,
        "none",
        "an address like http://search:9200",
        "Where Elasticsearch 8 is; a user and a password may stand before the host (`https://user:password@search:9200`). Required where "
        + "rows go there.",
        TryRead,
        Redact);

    /// <summary>The setting of <see cref="Prefix"/>.</summary>
    public static readonly Setting<string> IndexPrefix = Setting.Text(
        "Elasticsearch:Prefix",
        "",
        "small letters, digits and hyphens, and begin with a letter",
        "What the names of all indexes there begin with (`shop-`), so that several installations may share a cluster.",
        text => ValidPrefix().IsMatch(text),
        defaultText: "none");

    /// <param name="configuration">The host's configuration.</param>
    /// <exception cref="InvalidSettingException">A setting is missing or invalid.</exception>
    public ElasticsearchSettings(IConfiguration configuration)
    {
        var url = Address.Of(configuration) ?? throw new InvalidSettingException(
            $"Rows go to Elasticsearch, but {Address.Name} is not set: say where it is ({Address.Values}).");
        Prefix = IndexPrefix.Of(configuration);
        Url = new UriBuilder(url) { UserName = "", Password = "", Path = url.AbsolutePath.TrimEnd('/') + "/" }.Uri;
        if (url.UserInfo.Length > 0)
        {
            var userInfo = Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url.UserInfo));
            Credentials = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(userInfo));
        }
    }

    /// <summary>The address, without credentials.</summary>
    public Uri Url { get; }

    /// <summary>The credentials of the address; null for none.</summary>
    public AuthenticationHeaderValue? Credentials { get; }

    /// <summary>The prefix of all index names, so that several installations can share a cluster.</summary>
    public string Prefix { get; }

    private static bool TryRead(string text, out Uri? url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);

    // Error messages do not contain the password before an @.
    private static string Redact(string text) =>
        text.LastIndexOf('@') is > 0 and var at ? $"…{text[at..]}" : text;

    [GeneratedRegex("^[a-z][a-z0-9-]*\\z")]
    private static partial Regex ValidPrefix();
}
