using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Modules;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch.Http;

/// <summary>Where Elasticsearch is, and what the names of our indexes begin with.</summary>
internal sealed partial class ElasticsearchSettings
{
    private const string UrlKey = "Elasticsearch:Url";
    private const string PrefixKey = "Elasticsearch:Prefix";

    /// <param name="configuration">The host's configuration.</param>
    /// <exception cref="InvalidSettingException">A setting is missing or means nothing.</exception>
    public ElasticsearchSettings(IConfiguration configuration)
    {
        var text = configuration[UrlKey];
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
            throw new InvalidSettingException($"The setting Elasticsearch__Url is '{Shown(text)}'; it must be an address like http://search:9200.");
        Prefix = configuration[PrefixKey] ?? "";
        if (!Allowed().IsMatch(Prefix))
            throw new InvalidSettingException($"The setting Elasticsearch__Prefix is '{Prefix}'; it must be small letters, digits and hyphens, and begin with a letter.");
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

    // A password that stands before an @ is not for a message.
    private static string? Shown(string? text) => text?.LastIndexOf('@') is > 0 and var at ? $"…{text[at..]}" : text;

    [GeneratedRegex("^([a-z][a-z0-9-]*)?\\z")]
    private static partial Regex Allowed();
}
