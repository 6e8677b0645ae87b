using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Web.Responses;
using Monolith.Modules.Customers.Application;

namespace Monolith.Modules.Customers.Api;

/// <summary>What Customers reads and writes over HTTP.</summary>
[JsonSerializable(typeof(RegisterCustomer))]
[JsonSerializable(typeof(ChangeCustomer))]
[JsonSerializable(typeof(DeactivateCustomer))]
[JsonSerializable(typeof(ReactivateCustomer))]
[JsonSerializable(typeof(CustomerView))]
[JsonSerializable(typeof(PageBody<CustomerView>))]
internal sealed partial class CustomersApiJson : JsonSerializerContext;
