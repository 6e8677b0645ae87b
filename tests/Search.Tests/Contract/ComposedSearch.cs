using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Projections.Stores;
using Monolith.Modules.Search;
using Monolith.Modules.Search.Application;
using Monolith.Modules.Search.Infrastructure.Projections;

namespace Monolith.Search.Tests.Contract;

/// <summary>The module as it is composed, with some rows in the store that is set. No host runs it, so that no log feeds it: the test does.</summary>
internal sealed class ComposedSearch(params IEnumerable<KeyValuePair<string, string?>> settings) : IAsyncDisposable
{
    private const int First = 1;

    private readonly ServiceProvider services = Compose(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());

    public ISearchIndex<CustomerRow> Customers => services.GetRequiredService<ISearchIndex<CustomerRow>>();

    public ISearchIndex<OrderRow> Orders => services.GetRequiredService<ISearchIndex<OrderRow>>();

    /// <summary>Writes rows through the store, and lets queries read them.</summary>
    public async Task<SearchedIndexes> FillAsync(IReadOnlyCollection<CustomerRow> customers, IReadOnlyCollection<OrderRow> orders)
    {
        await FillAsync(CustomerProjection.Name, customers);
        await FillAsync(OrderProjection.Name, orders);
        return new SearchedIndexes(Customers, Orders);
    }

    /// <summary>Removes a row, as a page does whose fold has none left.</summary>
    public async Task RemoveAsync<TRow>(string projection, Guid key)
        where TRow : class
    {
        await using var page = await services.GetRequiredKeyedService<IProjectionStore<Guid, TRow>>(projection).BeginAsync(First, CancellationToken.None);
        await page.LoadAsync([key], [], [], CancellationToken.None);
        await page.CommitAsync(new BatchCommit<Guid, TRow>([new RowChange<Guid, TRow>(key, null) { Place = new RowOffset(0, int.MaxValue) }], [], [], []), CancellationToken.None);
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private static ServiceProvider Compose(IConfiguration configuration)
    {
        var (module, services) = (new SearchModule(), new ServiceCollection());
        services.AddSingleton(configuration).AddLogging();
        module.AddServices(new ModuleBuilder(module.Name, module.GetType().Assembly, services, configuration));
        return services.BuildServiceProvider();
    }

    private async Task FillAsync<TRow>(string projection, IReadOnlyCollection<TRow> rows)
        where TRow : class
    {
        var store = services.GetRequiredKeyedService<IProjectionStore<Guid, TRow>>(projection);
        await store.Registry.PrepareAsync(CancellationToken.None);
        await using (var page = await store.BeginAsync(First, CancellationToken.None))
        {
            var changes = rows.Select((row, i) => new RowChange<Guid, TRow>(store.KeyOf(row), row) { Place = new RowOffset(0, i + 1) }).ToArray();
            await page.LoadAsync([.. changes.Select(change => change.Key)], [], [], CancellationToken.None);
            await page.CommitAsync(new BatchCommit<Guid, TRow>(changes, [], [], []), CancellationToken.None);
        }

        (await store.Registry.PromoteAsync(First, CancellationToken.None)).ShouldBe(PromotionOutcome.Promoted);
    }
}
