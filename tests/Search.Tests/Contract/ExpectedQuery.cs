using System.Web;
using Monolith.Modules.Search.Application;

namespace Monolith.Search.Tests.Contract;

/// <summary>
/// A query with the documents that somebody who types it wants to see (queries.tsv). How the truth was made: each line was written by looking at the corpus, not at what any index answers. A document is wanted
/// where a person would say that the query names it: the same word in other letters, marks or case, with a slip of the hand that the rules of search promise to forgive, begun but not yet ended where it is the
/// last one; for orders also by who placed them. What search finds besides (words that are near by chance) is no fault; what it does not find is, also where the rules explain it.
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
            line[0], line[1], FilterOf(line[2]), [.. wanted.Select(name => id(name.TrimStart(AsFirst)))], wanted.SingleOrDefault(name => name.StartsWith(AsFirst)) is { } first ? id(first[1..]) : null);
    }

    private static SearchFilter FilterOf(string text)
    {
        var fields = HttpUtility.ParseQueryString(text == Nothing ? "" : text);
        return new SearchFilter(fields["status"], fields["from"] is { } from ? Corpus.Time(from) : null, fields["to"] is { } to ? Corpus.Time(to) : null);
    }
}
