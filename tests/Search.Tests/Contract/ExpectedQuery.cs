using System.Web;
using Monolith.Modules.Search.Application;

namespace Monolith.Search.Tests.Contract;

/// <summary>
/// A query with the documents that a user expects (queries.tsv). The expectations were written from the corpus, not from search results. A
/// document is expected if a reader would say that the query names it: the same word in other letters, accents or case, with a typo that
/// the rules allow, or as a prefix if it is the last word; for orders also by customer. Additional hits (similar words) are allowed;
/// missing
/// ones are errors, even if the rules explain them.
/// </summary>
internal sealed record ExpectedQuery(string Index, string Text, SearchFilter Filter, IReadOnlyList<Guid> Wanted, Guid? First)
{
    private const char AsFirst = '!';
    private const string Nothing = "-";

    public static IReadOnlyList<ExpectedQuery> All { get; } = [.. Corpus.Lines("queries.tsv").Select(Read)];

    public bool IsOfCustomers => Index == "customers";

    public override string ToString() => $"{Index} {Text} {Filter}";

    private static ExpectedQuery Read(string[] line)
    {
        Func<string, Guid> id = line[0] switch
        {
            "customers" => Corpus.CustomerId,
            "orders" => Corpus.OrderId,
            _ => throw new InvalidDataException($"No index {line[0]}."),
        };
        string[] wanted = line[3] == Nothing ? [] : line[3].Split(',');
        return new ExpectedQuery(
            line[0],
            line[1],
            FilterOf(line[2]),
            [.. wanted.Select(name => id(name.TrimStart(AsFirst)))],
            wanted.SingleOrDefault(name => name.StartsWith(AsFirst)) is { } first ? id(first[1..]) : null);
    }

    private static SearchFilter FilterOf(string text)
    {
        var fields = HttpUtility.ParseQueryString(text == Nothing ? "" : text);
        return new SearchFilter(
            fields["status"], fields["from"] is { } from ? Corpus.Time(from) : null, fields["to"] is { } to ? Corpus.Time(to) : null);
    }
}
