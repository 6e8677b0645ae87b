using System.Globalization;
using CsCheck;
using Monolith.Modules.Search.Application;
using Monolith.Modules.Search.Application.Queries;

namespace Monolith.Search.Tests.Contract;

/// <summary>
/// The contract of search stores: the same hits with the same scores in the same order as the reference (<see cref="ReferenceIndex"/>).
/// </summary>
public abstract class SearchContract
{
    private const double MinRecall = 0.95;
    private const int MinQueries = 200;
    private const int PageSize = 3;

    // Few letters, so that many words are similar.
    private static readonly Gen<string> Word = Gen.OneOf<string>(
        Gen.Char["abé"].Array[1, 9].Select(letters => new string(letters)), Gen.OneOf(
            "ada", "lovelace", "müller", "o'brien", "東京", "김", "7"));

    private static readonly Gen<string> Words = Gen.Select(Word, Gen.OneOf(" ", "-", " "), Word).Select(
        (one, between, other) => one + between + other);

    private static readonly Gen<CustomerRow> Customer =
        Gen.Select(Word, Words, Word, Gen.Bool, Gen.Int[0, 99]).Select((username, first, last, active, day) => new CustomerRow(
            Guid.Empty,
            username,
            first,
            last,
            $"{username}@b.org",
            active ? CustomerStatus.Active : CustomerStatus.Inactive,
            Corpus.Time("2026-01-01").AddDays(day)));

    private static readonly Gen<OrderRow> Order =
        Gen.Select(Words.Array[1, 3], Word, Gen.Int[0, 3], Gen.Int[0, 99], Gen.Int).Select((items, city, status, day, customer) =>
            new OrderRow(
                Guid.Empty,
                new Guid(customer, 0, 0, new byte[8]),
                OrderStatus.All.ElementAt(status),
                "EUR",
                1,
                city,
                "DE",
                [.. items.Select(name => new OrderedItem("p", name, 1))],
                Corpus.Time("2026-01-01").AddDays(day)));

    private static readonly Gen<string> Query = Gen.OneOf<string>(Word, Words, Words.Select(words =>
        $"\"{words}\""), Gen.Select(Words, Word, (some, more) => $"{some} {more}"));

    /// <summary>Creates indexes of the store under test with these rows, and discards earlier ones.</summary>
    private protected abstract Task<SearchedIndexes> OpenAsync(
        IReadOnlyCollection<CustomerRow> customers, IReadOnlyCollection<OrderRow> orders);

    [Fact]
    public async Task Listed_queries_return_the_hits_of_the_reference()
    {
        ExpectedQuery.All.Count.ShouldBeGreaterThanOrEqualTo(MinQueries);
        var (store, reference) = (
            await OpenAsync(Corpus.Customers, Corpus.Orders), SearchedIndexes.Reference(Corpus.Customers, Corpus.Orders));
        foreach (var query in ExpectedQuery.All)
        {
            var (hits, total, _) = await store.SearchAsync(query);
            var expected = await reference.SearchAsync(query);
            hits.ShouldBe(expected.Hits, query.ToString());
            total.ShouldBe(expected.Total, query.ToString());
        }
    }

    [Fact]
    public async Task Recall_of_listed_queries_is_high()
    {
        var store = await OpenAsync(Corpus.Customers, Corpus.Orders);
        var (wanted, found) = (0, 0);
        var missed = new List<string>();
        foreach (var query in ExpectedQuery.All)
        {
            var (hits, _, _) = await store.SearchAsync(query);
            var ids = hits.Select(hit => hit.Id).ToArray();
            wanted += query.Wanted.Count;
            found += query.Wanted.Count(ids.Contains);
            if (query.Wanted.Any(id => !ids.Contains(id)))
                missed.Add($"{query} misses {query.Wanted.Count(id => !ids.Contains(id))}");
            else if (query.First is { } first && ids[0] != first)
                missed.Add($"{query} has another hit first");
            else if (query.Wanted.Count == 0 && ids.Length > 0)
                missed.Add($"{query} finds {ids.Length}");
        }

        var recall = (double)found / wanted;
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{ExpectedQuery.All.Count} queries, {found} of {wanted} found, recall {recall:P1}\n{string.Join('\n', missed)}"));
        recall.ShouldBeGreaterThanOrEqualTo(MinRecall, string.Join('\n', missed));
        missed.Count.ShouldBeLessThanOrEqualTo((int)(ExpectedQuery.All.Count * (1 - MinRecall)), string.Join('\n', missed));
    }

    [Fact]
    public async Task Pages_are_complete_and_disjoint()
    {
        var store = await OpenAsync(Corpus.Customers, Corpus.Orders);
        foreach (var text in (string[])["example", "a", "müller", "tea"])
        {
            foreach (var index in (string[])["customers", "orders"])
            {
                var query = new ExpectedQuery(index, text, SearchFilter.None, [], null);
                var (all, total, _) = await store.SearchAsync(query);
                var paged = new List<(Guid, int)>();
                SearchCursor? next = null;
                do
                {
                    var page = await store.SearchAsync(query, PageSize, next);
                    page.Total.ShouldBe(total);
                    paged.AddRange(page.Hits);
                    next = page.Next is { } cursor ? SearchCursor.Of(cursor.ToBytes()) : null;
                }
                while (next is not null);
                paged.ShouldBe(all, query.ToString());
            }
        }
    }

    [Fact]
    public async Task Random_queries_return_the_hits_of_the_reference()
    {
        await Gen.Select(Customer.Array[1, 30], Order.Array[0, 30], Query.Array[1, 12]).SampleAsync(
            async (madeCustomers, madeOrders, queries) =>
            {
                CustomerRow[] customers = [.. madeCustomers.Select((row, i) => row with { Id = new Guid(i, 1, 0, new byte[8]) })];
                OrderRow[] orders = [.. madeOrders.Select(
                    (row, i) => row with { Id = new Guid(i, 2, 0, new byte[8]), CustomerId = customers[i % customers.Length].Id })];
                var (store, reference) = (await OpenAsync(customers, orders), SearchedIndexes.Reference(customers, orders));
                foreach (var text in queries.Where(text => QueryText.ErrorOf(text) is null))
                {
                    foreach (var index in (string[])["customers", "orders"])
                    {
                        var query = new ExpectedQuery(index, text, SearchFilter.None, [], null);
                        (await store.SearchAsync(query)).Hits.ShouldBe((await reference.SearchAsync(query)).Hits, query.ToString());
                    }
                }
            },
            iter: RandomRounds, threads: 1);
    }

    /// <summary>The number of random indexes.</summary>
    private protected abstract int RandomRounds { get; }
}
