using Microsoft.EntityFrameworkCore.Migrations;
using Monolith.BuildingBlocks.Events.Postgres.Schema;

#nullable disable

namespace Monolith.Modules.Orders.Infrastructure.Migrations
{
    /// <inheritdoc />
    internal partial class OrderByPlacing : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndexConcurrently("orders", "orders", "ix_orders_placed_at_id", "placed_at", "id");
            migrationBuilder.CreateIndexConcurrently("orders", "orders", "ix_orders_customer_id_placed_at_id", "customer_id", "placed_at", "id");
            migrationBuilder.CreateIndexConcurrently("orders", "orders", "ix_orders_status_placed_at_id", "status", "placed_at", "id");
            migrationBuilder.DropIndexConcurrently("orders", "ix_orders_customer_id_id");
            migrationBuilder.DropIndexConcurrently("orders", "ix_orders_status_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndexConcurrently("orders", "orders", "ix_orders_customer_id_id", "customer_id", "id");
            migrationBuilder.CreateIndexConcurrently("orders", "orders", "ix_orders_status_id", "status", "id");
            migrationBuilder.DropIndexConcurrently("orders", "ix_orders_placed_at_id");
            migrationBuilder.DropIndexConcurrently("orders", "ix_orders_customer_id_placed_at_id");
            migrationBuilder.DropIndexConcurrently("orders", "ix_orders_status_placed_at_id");
        }
    }
}
