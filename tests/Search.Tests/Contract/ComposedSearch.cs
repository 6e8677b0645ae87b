using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Projections.Stores;
using Monolith.Modules.Search;
using Monolith.Modules.Search.Application;
using Monolith.Modules.Search.Infrastructure.Projections;

namespace Monolith.Search.Tests.Contract;

/// <summary>The composed module with rows in the configured store. Without a host, the test writes the rows instead of a log.</summary>
internal sealed class ComposedSearch(params IEnumerable<KeyValuePair<string, string?>> settings) : IAsyncDisposable
{
    private const int First = 1;

    private readonly ServiceProvider services = Compose(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());

    public ISearchIndex<CustomerRow> Customers => services.GetRequiredService<ISearchIndex<CustomerRow>>();

    public ISearchIndex<OrderRow> Orders => services.GetRequiredService<ISearchIndex<OrderRow>>();

    /// <summary>Writes rows through the store and promotes the generation.</summary>
    public async Task<SearchedIndexes> FillAsync(IReadOnlyCollection<CustomerRow> customers, IReadOnlyCollection<OrderRow> orders)
    {
        await FillAsync(CustomerProjection.Name, customers);
        await FillAsync(OrderProjection.Name, orders);
        return new SearchedIndexes(Customers, Orders);
    }

    /// <summary>Deletes a row, like a batch whose fold returns null.</summary>
    public async Task RemoveAsync<TRow>(string projection, Guid key)
        where TRow : class
    {
        var store = services.GetRequiredKeyedService<IProjectionStore<Guid, TRow>>(projection);
        await using var batch = await store.BeginAsync(First, CancellationToken.None);
        await batch.LoadAsync([key], [], [], CancellationToken.None);
        var change = new RowChange<Guid, TRow>(key, null) { Offset = new RowOffset(0, int.MaxValue) };
        await batch.CommitAsync(new BatchCommit<Guid, TRow>([change], [], [], []), CancellationToken.None);
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
        await using (var batch = await store.BeginAsync(First, CancellationToken.None))
        {
            var changes = rows
                .Select((row, i) => new RowChange<Guid, TRow>(store.KeyOf(row), row) { Offset = new RowOffset(0, i + 1) })
                .ToArray();
            await batch.LoadAsync([.. changes.Select(change => change.Key)], [], [], CancellationToken.None);
            await batch.CommitAsync(new BatchCommit<Guid, TRow>(changes, [], [], []), CancellationToken.None);
        }

        (await store.Registry.PromoteAsync(First, CancellationToken.None)).ShouldBe(PromotionOutcome.Promoted);
    }
}
