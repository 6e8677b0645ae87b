using System.Buffers;
using System.Text.Json;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch.Http;

/// <summary>The lines of a bulk request, with the end of each item, so that some items can be sent again.</summary>
internal sealed class BulkBody : IDisposable
{
    private readonly ArrayBufferWriter<byte> buffer = new();
    private readonly Utf8JsonWriter json;
    private readonly List<int> ends = [];

    public BulkBody() => json = new Utf8JsonWriter(buffer);

    public int Count => ends.Count;

    public int Bytes => buffer.WrittenCount;

    public ReadOnlyMemory<byte> Lines => buffer.WrittenMemory;

    /// <summary>Starts a document that is written only if its version is higher than that of the existing one.</summary>
    /// <returns>The writer of the document; <see cref="End"/> ends it.</returns>
    public Utf8JsonWriter BeginVersion(string id, long version)
    {
        BeginAction("index", id);
        json.WriteNumber("version"u8, version);
        json.WriteString("version_type"u8, "external"u8);
        EndAction();
        return json;
    }

    /// <summary>Starts a document that replaces any existing one.</summary>
    public Utf8JsonWriter Begin(string id)
    {
        BeginAction("index", id);
        EndAction();
        return json;
    }

    /// <summary>Starts a document that replaces an existing one only if that has not changed since it was read.</summary>
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

    /// <summary>A new body with some of the items.</summary>
    public BulkBody Only(IEnumerable<int> items)
    {
        var body = new BulkBody();
        foreach (var item in items)
        {
            body.buffer.Write(buffer.WrittenSpan[(item == 0 ? 0 : ends[item - 1])..ends[item]]);
            body.ends.Add(body.buffer.WrittenCount);
        }

        return body;
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
