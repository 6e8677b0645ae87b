using System.Buffers;
using System.Text.Json;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch.Http;

/// <summary>The lines of a bulk request, and where each of its items lies, so that some of them can be sent again.</summary>
internal sealed class BulkBody : IDisposable
{
    private readonly ArrayBufferWriter<byte> buffer = new();
    private readonly Utf8JsonWriter json;
    private readonly List<int> ends = [];

    public BulkBody() => json = new Utf8JsonWriter(buffer);

    public int Count => ends.Count;

    public int Bytes => buffer.WrittenCount;

    public ReadOnlyMemory<byte> Lines => buffer.WrittenMemory;

    /// <summary>Begins to write a document that is kept only where its version is higher than that of the one that is there.</summary>
    /// <returns>What the document is written with; <see cref="End"/> ends it.</returns>
    public Utf8JsonWriter BeginVersion(string id, long version)
    {
        BeginAction("index", id);
        json.WriteNumber("version"u8, version);
        json.WriteString("version_type"u8, "external"u8);
        EndAction();
        return json;
    }

    /// <summary>Begins to write a document in the place of any other.</summary>
    public Utf8JsonWriter Begin(string id)
    {
        BeginAction("index", id);
        EndAction();
        return json;
    }

    /// <summary>Begins to write a document in the place of one that was read, and has not changed since.</summary>
    public Utf8JsonWriter BeginUnchanged(string id, long sequence, long term)
    {
        BeginAction("index", id);
        json.WriteNumber("if_seq_no"u8, sequence);
        json.WriteNumber("if_primary_term"u8, term);
        EndAction();
        return json;
    }

    public void Delete(string id)
    {
        BeginAction("delete", id);
        EndAction();
        ends.Add(buffer.WrittenCount);
    }

    /// <summary>Ends a document.</summary>
    public void End()
    {
        EndLine();
        ends.Add(buffer.WrittenCount);
    }

    /// <summary>Some of the items, as a request of their own.</summary>
    public BulkBody Only(IEnumerable<int> items)
    {
        var some = new BulkBody();
        foreach (var item in items)
        {
            some.buffer.Write(buffer.WrittenSpan[(item == 0 ? 0 : ends[item - 1])..ends[item]]);
            some.ends.Add(some.buffer.WrittenCount);
        }

        return some;
    }

    public void Dispose() => json.Dispose();

    private void BeginAction(string action, string id)
    {
        json.WriteStartObject();
        json.WriteStartObject(action);
        json.WriteString("_id"u8, id);
    }

    private void EndAction()
    {
        json.WriteEndObject();
        json.WriteEndObject();
        EndLine();
    }

    private void EndLine()
    {
        json.Flush();
        json.Reset();
        buffer.Write("\n"u8);
    }
}
