using Monolith.BuildingBlocks.Events;

namespace Monolith.Testing.Golden;

/// <summary>
/// The committed files of a module's events: for every version that was ever published, the data of one event as it is stored
/// (<c>customer.registered.v1.json</c>) and the shape of its record (<c>customer.registered.v1.shape</c>). They are added and never
/// changed.
/// </summary>
/// <param name="catalogue">The module's events.</param>
/// <param name="folder">Where the files are.</param>
public sealed class GoldenEvents(EventCatalogue catalogue, string folder)
{
    private const string Data = ".json";
    private const string Shape = ".shape";

    /// <summary>The files of the running test assembly.</summary>
    /// <param name="catalogue">The module's events.</param>
    public static GoldenEvents Of(EventCatalogue catalogue) => new(catalogue, Path.Combine(AppContext.BaseDirectory, "Golden"));

    /// <summary>Every version that has a file.</summary>
    public IReadOnlyList<string> TypeNames =>
        [
            .. Directory.EnumerateFiles(folder, $"*{Data}")
            .Select(path => Path.GetFileName(path)[..^Data.Length])
            .Order(StringComparer.Ordinal)
        ];

    /// <summary>The data of a version as it is stored.</summary>
    /// <param name="typeName">The versioned type name.</param>
    public string StoredData(string typeName) => File.ReadAllText(PathOf(typeName, Data)).TrimEnd('\n');

    /// <summary>The event of a version, deserialized by this binary.</summary>
    /// <param name="typeName">The versioned type name.</param>
    public object Read(string typeName) => catalogue.Decode(new LogRecord
    {
        Log = catalogue.Log,
        Partition = 0,
        Offset = 0,
        EventId = Guid.Empty,
        StreamId = Guid.Empty,
        StreamVersion = 1,
        Type = typeName,
        Data = System.Text.Encoding.UTF8.GetBytes(StoredData(typeName)),
        OccurredAt = DateTimeOffset.UnixEpoch,
    }).Data;

    /// <summary>The errors in the files or records, each with its fix; empty where there are none.</summary>
    public IReadOnlyList<string> Faults() =>
        [.. Unread(), .. catalogue.Definitions.OrderBy(definition => definition.Name, StringComparer.Ordinal).SelectMany(FaultsOf)];

    private IEnumerable<string> Unread() => TypeNames.Where(name => !catalogue.Knows(name)).Select(name =>
        $"{name} was published and cannot be read any more: logs hold it for ever. Put the record back, or give the record of the "
            + $"newest version a function with [Upcasts(\"{name}\")].");

    private IEnumerable<string> FaultsOf(EventDefinition definition)
    {
        var name = definition.Name;
        var shape = PublishedShape.Of(definition.Json);
        if (!File.Exists(PathOf(name, Data)))
            yield return $"{name} has no golden file: commit Golden/{name}{Data} with the data of one event as it is stored, and its "
                + "expected record in the test.";
        if (!File.Exists(PathOf(name, Shape)))
            yield return $"{name} has no shape: commit Golden/{name}{Shape} with\n{shape}";
        else if (File.ReadAllText(PathOf(name, Shape)) is var published && published != shape)
            yield return Changed(definition, published, shape);
    }

    private static string Changed(EventDefinition definition, string published, string shape)
    {
        var name = definition.Name;
        var digits = name.LastIndexOf(".v", StringComparison.Ordinal) + 2;
        var version = int.Parse(name[digits..], System.Globalization.CultureInfo.InvariantCulture);
        var next = $"{name[..digits]}{version + 1}";
        return $"""
            {definition.Type.Name} is not what was published as {name}. A published record is never edited: logs and topics hold its events for ever, and other programs read them.
            Make a new version of it instead: name the record {next}, and give it the function
                [Upcasts("{name}")] internal static JsonObject FromOlder(JsonObject old)
            that makes the data of {next} from that of {name}. Leave the golden files of {name} as they are, and commit those of {next}.
            Published:
            {published}
            Now:
            {shape}
            """;
    }

    private string PathOf(string typeName, string kind) => Path.Combine(folder, typeName + kind);
}
