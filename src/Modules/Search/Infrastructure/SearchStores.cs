using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Projections;
using Monolith.BuildingBlocks.Projections.Elasticsearch;
using Monolith.BuildingBlocks.Projections.Lucene;
using Monolith.Modules.Search.Application;
using Monolith.Modules.Search.CustomerIndex;
using Monolith.Modules.Search.Infrastructure.Elasticsearch;
using Monolith.Modules.Search.Infrastructure.Lucene;
using Monolith.Modules.Search.OrderIndex;

namespace Monolith.Modules.Search.Infrastructure;

/// <summary>The setting <c>Search:Store</c>: where the rows of search lie, and how queries get at them.</summary>
internal static class SearchStores
{
    private const string Setting = "Search:Store";
    private const string Lucene = "Lucene";
    private const string Elasticsearch = "Elasticsearch";

    /// <summary>Sends the rows of both projections to the store that is set.</summary>
    /// <exception cref="InvalidSettingException">There is no such store, or it is not said where it is.</exception>
    public static void AddStore(this ModuleBuilder module, ProjectionBuilder customers, ProjectionBuilder orders)
    {
        switch (module.Configuration[Setting] is { Length: > 0 } store ? store : Lucene)
        {
            case Lucene:
                customers.ToLucene(LuceneMappings.Customers);
                orders.ToLucene(LuceneMappings.Orders);
                module.Services.AddSingleton<ISearchIndex<CustomerRow>>(services =>
                    new LuceneIndex<CustomerRow>(services.GetRequiredKeyedService<ILuceneIndex>(CustomerProjection.Name), SearchRowsJson.Web.CustomerRow, row => row.Id));
                module.Services.AddSingleton<ISearchIndex<OrderRow>>(services =>
                    new LuceneIndex<OrderRow>(services.GetRequiredKeyedService<ILuceneIndex>(OrderProjection.Name), SearchRowsJson.Web.OrderRow, row => row.Id));
                break;
            case Elasticsearch:
                customers.ToElasticsearch(ElasticsearchMappings.Customers);
                orders.ToElasticsearch(ElasticsearchMappings.Orders);
                module.Services.AddSingleton<ISearchIndex<CustomerRow>>(services =>
                    new ElasticsearchIndex<CustomerRow>(services.GetRequiredKeyedService<IElasticsearchIndex>(CustomerProjection.Name), SearchRowsJson.Web.CustomerRow, row => row.Id));
                module.Services.AddSingleton<ISearchIndex<OrderRow>>(services =>
                    new ElasticsearchIndex<OrderRow>(services.GetRequiredKeyedService<IElasticsearchIndex>(OrderProjection.Name), SearchRowsJson.Web.OrderRow, row => row.Id));
                break;
            case var other:
                throw new InvalidSettingException($"The setting Search__Store is '{other}'; it must be Lucene or Elasticsearch.");
        }
    }
}
