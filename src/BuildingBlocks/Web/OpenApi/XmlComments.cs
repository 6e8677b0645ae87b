using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Monolith.BuildingBlocks.Web.OpenApi;

/// <summary>Reads the XML comments of types and properties from the files that the compiler writes next to each assembly.</summary>
internal static partial class XmlComments
{
    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> Files = [];

    public static string? SummaryOf(Type type) => Text(MemberOf($"T:{NameOf(type)}", type)?.Element("summary"));

    /// <summary>The summary of a property: the parameter of its record, or its own.</summary>
    public static string? SummaryOf(Type type, string property)
    {
        var parameter = MemberOf($"T:{NameOf(type)}", type)?.Elements("param")
            .FirstOrDefault(param => (string?)param.Attribute("name") == property);
        return Text(parameter ?? MemberOf($"P:{NameOf(type)}.{property}", type)?.Element("summary"));
    }

    private static XElement? MemberOf(string name, Type type) => Files.GetOrAdd(type.Assembly, Load).GetValueOrDefault(name);

    private static Dictionary<string, XElement> Load(Assembly assembly)
    {
        var path = Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml");
        return File.Exists(path)
            ? XDocument.Load(path).Descendants("member").ToDictionary(member => (string)member.Attribute("name")!)
            : [];
    }

    private static string NameOf(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    private static string? Text(XElement? comment)
    {
        if (comment is null)
            return null;
        var text = new StringBuilder();
        foreach (var node in comment.DescendantNodes())
            text.Append(node switch
            {
                XText words => words.Value,
                XElement { HasElements: false, IsEmpty: true } reference => WordFor(reference),
                _ => "",
            });
        return Spaces().Replace(text.ToString(), " ").Trim();
    }

    // <paramref name="Key"/> becomes key; <see cref="T:A.B.C"/> becomes C.
    private static string WordFor(XElement reference) => (string?)reference.Attribute("name") is { } name
        ? JsonNamingPolicy.CamelCase.ConvertName(name)
        : ((string?)reference.Attribute("cref"))?.Split('.', ':')[^1] ?? "";

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
