using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace Monolith.Benchmarks.Searching;

/// <summary>
/// The baseline of a rebuild into Elasticsearch, in a separate process: sends prepared documents from memory in bulk requests, two at a
/// time, until they are searchable. A warm-up is not measured.
/// </summary>
internal static class BareBulk
{
    public const string Verb = "bare-bulk";

    /// <summary>The prefix of the seconds in the output.</summary>
    public const string SecondsWord = "seconds: ";

    /// <summary>The prefix of the number of documents for each word in the output.</summary>
    public const string FoundWord = "found: ";

    private const int Unmeasured = 50_000;
    private const int BytesAtOnce = 5 * 1024 * 1024;
    private const int RequestsAtOnce = 2;
    private const string Index = "bare-bulk";
    private const string Definition = """
        {"settings":{"number_of_shards":1,"number_of_replicas":0,"refresh_interval":"-1"},"mappings":{"dynamic":"strict","properties":{
        "doc":{"properties":{"row":{"type":"object","enabled":false},"key":{"type":"keyword"}}},"status":{"type":"keyword"},"at":{"type":"long"},
        "username":{"type":"text","analyzer":"whitespace"},"names":{"type":"text","analyzer":"whitespace"},"words":{"type":"text","analyzer":"whitespace"}}}}
        """;

    /// <param name="args">The connection string, the server's address, and the words to count.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        await using var dataSource = NpgsqlDataSource.Create(args[0]);
        using var http = new HttpClient { BaseAddress = new Uri(args[1]), Timeout = TimeSpan.FromMinutes(2) };
        var documents = await BareDocument.ReadAsync(dataSource);
        await FillAsync(http, documents.Take(Unmeasured));
        await DropAsync(http);
        var seconds = await FillAsync(http, documents);
        var found = new List<long>();
        foreach (var word in args[2..])
        {
            using var counted = await http.GetAsync(new Uri($"{Index}/_count?q=words:{word}", UriKind.Relative));
            found.Add((await counted.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("count").GetInt64());
        }

        await DropAsync(http);
        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{SecondsWord}{seconds}"));
        await Console.Out.WriteLineAsync($"{FoundWord}{string.Join(' ', found)}");
        return 0;
    }

    private static async Task<double> FillAsync(HttpClient http, IEnumerable<BareDocument> documents)
    {
        using var definition = new StringContent(Definition, Encoding.UTF8, "application/json");
        (await http.PutAsync(new Uri(Index, UriKind.Relative), definition)).EnsureSuccessStatusCode();
        var began = Stopwatch.GetTimestamp();
        var sending = new List<Task>();
        var body = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(body);
        foreach (var document in documents)
        {
            Write(body, json, document);
            if (body.WrittenCount < BytesAtOnce)
                continue;
            if (sending.Count == RequestsAtOnce)
                await FirstOfAsync(sending);
            sending.Add(SendAsync(http, body.WrittenMemory));
            body = new ArrayBufferWriter<byte>();
        }

        if (body.WrittenCount > 0)
            sending.Add(SendAsync(http, body.WrittenMemory));
        await Task.WhenAll(sending);
        (await http.PostAsync(new Uri($"{Index}/_refresh", UriKind.Relative), null)).EnsureSuccessStatusCode();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static void Write(ArrayBufferWriter<byte> body, Utf8JsonWriter json, BareDocument document)
    {
        json.Reset(body);
        json.WriteStartObject();
        json.WriteStartObject("index"u8);
        json.WriteString("_id"u8, document.Id);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        body.Write("\n"u8);
        json.Reset(body);
        json.WriteStartObject();
        json.WriteStartObject("doc"u8);
        json.WritePropertyName("row"u8);
        json.WriteRawValue(document.Row, skipInputValidation: true);
        json.WriteString("key"u8, document.Id);
        json.WriteEndObject();
        json.WriteString("status"u8, "active"u8);
        json.WriteNumber("at"u8, document.At);
        json.WriteString("username"u8, document.Username);
        json.WriteString("names"u8, document.Names);
        json.WriteString("words"u8, document.Words);
        json.WriteEndObject();
        json.Flush();
        body.Write("\n"u8);
    }

    private static async Task SendAsync(HttpClient http, ReadOnlyMemory<byte> body)
    {
        using var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var answer = await http.PostAsync(new Uri($"{Index}/_bulk?filter_path=errors", UriKind.Relative), content);
        if ((await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").GetBoolean())
            throw new InvalidOperationException("A document was refused.");
    }

    private static async Task FirstOfAsync(List<Task> sending)
    {
        var first = await Task.WhenAny(sending);
        sending.Remove(first);
        await first;
    }

    private static async Task DropAsync(HttpClient http) =>
        (await http.DeleteAsync(new Uri(Index, UriKind.Relative))).EnsureSuccessStatusCode();
}
