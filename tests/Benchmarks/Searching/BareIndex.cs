using System.Diagnostics;
using System.Globalization;
using Lucene.Net.Analysis.Core;
using Lucene.Net.Documents;
using Lucene.Net.Index;
using Lucene.Net.Store;
using Lucene.Net.Util;
using Npgsql;

namespace Monolith.Benchmarks.Searching;

/// <summary>
/// The baseline of a search rebuild, in a separate process: prepared documents from memory go into an IndexWriter until they are
/// committed; with one thread, then with one thread per processor. A warm-up compiles the code and is not measured.
/// </summary>
internal static class BareIndex
{
    public const string Verb = "bare-index";

    /// <summary>The prefix of the seconds of one thread in the output.</summary>
    public const string OneWord = "one: ";

    /// <summary>The prefix of the seconds of all threads in the output.</summary>
    public const string AllWord = "all: ";

    /// <summary>The prefix of the number of documents for each word in the output.</summary>
    public const string FoundWord = "found: ";

    private const LuceneVersion Version = LuceneVersion.LUCENE_48;
    private const double BufferMegabytes = 64;
    private const int Unmeasured = 50_000;

    /// <param name="args">The connection string, a folder for the indexes, and the words to count.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var (folder, words) = (args[1], args[2..]);
        await using var dataSource = NpgsqlDataSource.Create(args[0]);
        var documents = await BareDocument.ReadAsync(dataSource);
        Index(documents.Take(Unmeasured).ToList(), folder, Environment.ProcessorCount, []);
        var (one, _) = Index(documents, folder, threads: 1, []);
        var (all, found) = Index(documents, folder, Environment.ProcessorCount, words);
        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{OneWord}{one}"));
        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{AllWord}{all}"));
        await Console.Out.WriteLineAsync($"{FoundWord}{string.Join(' ', found)}");
        return 0;
    }

    private static (double Seconds, int[] Found) Index(List<BareDocument> documents, string folder, int threads, string[] words)
    {
        var path = Path.Combine(folder, Guid.NewGuid().ToString());
        using var files = FSDirectory.Open(path);
        using (
            var writer = new IndexWriter(
                files,
                new IndexWriterConfig(Version, new WhitespaceAnalyzer(Version))
                {
                    RAMBufferSizeMB = BufferMegabytes,
                    UseCompoundFile = false,
                }))
        {
            var began = Stopwatch.GetTimestamp();
            Task.WaitAll([.. Enumerable.Range(0, threads).Select(first => Task.Run(() => Add(writer, documents, first, threads)))]);
            writer.Commit();
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            using var reader = DirectoryReader.Open(files);
            return (seconds, [.. words.Select(word => reader.DocFreq(new Term("words", word)))]);
        }
    }

    private static void Add(IndexWriter writer, List<BareDocument> documents, int first, int step)
    {
        var (key, id, status, at) = (
            new StringField("_key", "", Field.Store.NO),
            new StringField("id", "", Field.Store.NO),
            new StringField("status", "active", Field.Store.NO),
            new Int64Field("at", 0, Field.Store.NO));
        var (username, names, words) = (
            new TextField("username", "", Field.Store.NO),
            new TextField("names", "", Field.Store.NO),
            new TextField("words", "", Field.Store.NO));
        var (order, row) = (new SortedDocValuesField("id", new BytesRef()), new StoredField("_row", new BytesRef()));
        var document = new Document { key, id, order, status, at, username, names, words, row };
        for (var i = first; i < documents.Count; i += step)
        {
            var it = documents[i];
            key.SetStringValue(it.Id);
            id.SetStringValue(it.Id);
            order.SetBytesValue(new BytesRef(it.Id));
            at.SetInt64Value(it.At);
            username.SetStringValue(it.Username);
            names.SetStringValue(it.Names);
            words.SetStringValue(it.Words);
            row.SetBytesValue(it.Row);
            writer.AddDocument(document);
        }
    }
}
